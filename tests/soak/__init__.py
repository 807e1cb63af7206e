"""A random day of an environment in the lab, from a seed: ``make soak``.

steps     what happens on the day, as lines of text: pure
events    how each kind of step is done to a lab
checks    what has to be true after each step
__main__  the program: it runs the steps, and says how to repeat those that failed
"""

"""A random day of an environment in the lab, from a seed: ``make soak``.

steps     what happens on the day, as lines of text: pure
roles     the roles of nodes, and what an environment stands: pure
events    the kinds of steps
operators what an operator does to a lab
nemeses   faults of a lab
checks    what has to be true after each step
__main__  the program: it runs the steps, and says how to repeat those that failed
"""

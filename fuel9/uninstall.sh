# RPM scriptlet before the removal, not before an upgrade: undo post_install.sh.
if [ -r /usr/bin/fuel2 ]; then
    read -r line </usr/bin/fuel2
    python=${line#??}
    plugin=/var/www/nailgun/plugins/calico-fuel-plugin-4.0
    # shellcheck disable=SC2086
    if site=$($python -c 'from distutils.sysconfig import get_python_lib
print(get_python_lib())'); then
        # Another version of the plugin may have replaced them by its own.
        if read -r line <"$site/calico_fuel_master.pth" && [ "$line" = "$plugin" ]; then
            rm -rf "$site/calico_fuel_master.egg-info" "$site/calico_fuel_master.pth"
        fi
    fi
    rm -f "$plugin"/calico_fuel_master/*.pyc
fi

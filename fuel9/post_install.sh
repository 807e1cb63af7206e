# RPM scriptlet after the installation, without a percent sign: rpmbuild would expand it.
# The Python of fuel2 learns "fuel2 calico": a .pth file with the folders of the code, and
# entry points.
if [ -r /usr/bin/fuel2 ]; then
    read -r line </usr/bin/fuel2
    python=${line#??}
    plugin=/var/www/nailgun/plugins/calico-fuel-plugin-4.0
    # shellcheck disable=SC2086
    if site=$($python -c 'from distutils.sysconfig import get_python_lib
print(get_python_lib())') && mkdir -p "$site/calico_fuel_master.egg-info"; then
        cp "$plugin/calico_fuel_master/PKG-INFO" "$plugin/calico_fuel_master/entry_points.txt" \
            "$site/calico_fuel_master.egg-info/"
        echo "$plugin
$plugin/deployment_scripts" >"$site/calico_fuel_master.pth"
    else
        echo "calico-fuel-plugin: fuel2 does not get the command calico. Run this instead:" \
            "$python $plugin/calico_fuel_master" >&2
    fi
fi

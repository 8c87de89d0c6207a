#!/bin/sh
# After the files are gone: dpkg gives "remove", "purge" or "upgrade", RPM the number of versions that are left.
set -e
case "$1" in
upgrade | failed-upgrade | disappear | 1) exit 0 ;;
esac

# dpkg takes away a folder that is empty and in no other package, and Debian's own /opt is in none.
[ -d /opt ] || mkdir -m 755 /opt

profile=/etc/apparmor.d/gradient-clinic
if [ -f "$profile" ]; then
  if aa-enabled --quiet 2>/dev/null; then apparmor_parser --remove "$profile" || true; fi
  rm -f "$profile"
fi

if command -v update-mime-database >/dev/null; then update-mime-database /usr/share/mime || true; fi
if command -v update-desktop-database >/dev/null; then update-desktop-database -q /usr/share/applications || true; fi
# Without a cache the folders are read.
if [ -f /usr/share/icons/hicolor/icon-theme.cache ] && command -v gtk-update-icon-cache >/dev/null; then
  gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor || true
fi

#!/bin/sh
# After the files are there: dpkg gives "configure", RPM the number of installed versions.
set -e
home=/opt/gradient-clinic

# Where user namespaces are forbidden, Chromium's sandbox needs its helper to be root's.
chown root:root "$home/chrome-sandbox"
chmod 4755 "$home/chrome-sandbox"

# Only an AppArmor that knows the rule "userns" takes the profile, and only such a system needs it.
profile=/etc/apparmor.d/gradient-clinic
if command -v apparmor_parser >/dev/null && [ -d /etc/apparmor.d ] &&
  apparmor_parser --skip-kernel-load --skip-cache "$home/resources/gradient-clinic.apparmor" >/dev/null 2>&1; then
  cp "$home/resources/gradient-clinic.apparmor" "$profile"
  chmod 644 "$profile"
  # A container has AppArmor's files and may not load a profile; the host's start of the system does.
  if aa-enabled --quiet 2>/dev/null; then apparmor_parser --replace --write-cache "$profile" || true; fi
fi

if command -v update-mime-database >/dev/null; then update-mime-database /usr/share/mime || true; fi
if command -v update-desktop-database >/dev/null; then update-desktop-database -q /usr/share/applications || true; fi
# Without a cache the folders are read.
if [ -f /usr/share/icons/hicolor/icon-theme.cache ] && command -v gtk-update-icon-cache >/dev/null; then
  gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor || true
fi

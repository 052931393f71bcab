#!/bin/sh
# A backup of the database, every night: `backup.sh FOLDER [DAYS]`. Where and as whom: PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE.
#
# FOLDER/base/... with the archive (docs/operations.md) leads back to any moment; FOLDER/dump/... is read by any later PostgreSQL. A backup that
# was broken off ends in .part. What is older than DAYS (14) goes, and what of FOLDER/archive no backup needs any more.
set -eu
folder=$1
days=${2:-14}
name=$(date -u +%Y%m%dT%H%M%SZ)
umask 077
mkdir -p "$folder/base" "$folder/dump" "$folder/archive"
# What another cluster left here would lead the cleaning below astray, and its archive has files of the same names.
system=$(psql --no-password --no-psqlrc -Atc "SELECT system_identifier FROM pg_control_system()")
[ -e "$folder/system" ] || echo "$system" >"$folder/system"
if [ "$(cat "$folder/system")" != "$system" ]; then
  echo "ERROR: $folder holds the backups of another cluster; give this one a folder of its own" >&2
  exit 1
fi
pg_basebackup --no-password --pgdata="$folder/base/$name.part" --format=tar --gzip --checkpoint=fast --wal-method=stream
mv "$folder/base/$name.part" "$folder/base/$name"
pg_dump --no-password --format=custom --file="$folder/dump/$name.part"
mv "$folder/dump/$name.part" "$folder/dump/$name"
find "$folder/base" "$folder/dump" -mindepth 1 -maxdepth 1 -mtime "+$days" -exec rm -rf {} +
# Its label tells the first file of the archive that the oldest backup needs.
oldest=$(ls "$folder/base" | grep -v part | head -n 1)
first=$(tar -xzOf "$folder/base/$oldest/base.tar.gz" backup_label | sed -n 's/^START WAL LOCATION: .*(file \([0-9A-F]*\))$/\1/p')
pg_archivecleanup "$folder/archive" "$first"
echo "$name"

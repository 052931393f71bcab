#!/bin/sh
# The database's files as they were: `restore.sh FOLDER NAME DATA ["2026-08-13 06:55:00+00"]`. DATA is empty or missing; PostgreSQL is then
# started on it, plays the archive up to that moment, or to its end, and opens, for reading only: no process of the Portal connects before
# `manage.py after_restore` has been run, so that nothing is sent a second time.
set -eu
folder=$1
data=$3
umask 077
mkdir -p "$data"
tar -xzf "$folder/base/$2/base.tar.gz" -C "$data"
tar -xzf "$folder/base/$2/pg_wal.tar.gz" -C "$data/pg_wal"
# A moment that an earlier restore was led to came along with the backup.
touch "$data/postgresql.auto.conf"
sed -i '/^recovery_target/d' "$data/postgresql.auto.conf"
{
  echo "default_transaction_read_only = on"
  echo "restore_command = 'cp \"$folder/archive/%f\" \"%p\"'"
  if [ -n "${4-}" ]; then
    echo "recovery_target_time = '$4'"
    echo "recovery_target_action = promote"
  fi
} >>"$data/postgresql.auto.conf"
touch "$data/recovery.signal"

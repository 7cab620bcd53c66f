#!/bin/sh
# One role and one database per agency, made at the first start (the postgres image runs this on an empty volume).
# Passwords are read by psql itself, so that they stand in no process list. No agency may connect to another's database.
set -eu
for agency in police shelter health social; do
  password=$(cat "/run/secrets/$agency-database-password")
  export password
  psql --username "$POSTGRES_USER" --no-psqlrc --quiet -v ON_ERROR_STOP=1 -v name="qorgau_$agency" <<'SQL'
\getenv password password
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke connect on database :"name" from public;
SQL
done
psql --username "$POSTGRES_USER" --no-psqlrc --quiet -v ON_ERROR_STOP=1 -c 'revoke connect on database postgres, template1 from public'

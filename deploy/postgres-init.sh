#!/bin/sh
# One database and two roles per agency, made at the first start (the postgres image runs this on an empty volume): the
# owner migrates, the service's role owns nothing. Passwords are read by psql itself, so that they stand in no process
# list. No agency may connect to another's database.
set -eu
for agency in police shelter health social; do
  password=$(cat "/run/secrets/$agency-database-password")
  owner_password=$(cat "/run/secrets/$agency-owner-password")
  export password owner_password
  psql --username "$POSTGRES_USER" --no-psqlrc --quiet -v ON_ERROR_STOP=1 -v name="qorgau_$agency" -v owner="qorgau_${agency}_owner" <<'SQL'
\getenv password password
\getenv owner_password owner_password
create role :"name" login password :'password';
create role :"owner" login password :'owner_password';
create database :"name" owner :"owner";
revoke connect on database :"name" from public;
grant connect on database :"name" to :"name";
SQL
done
psql --username "$POSTGRES_USER" --no-psqlrc --quiet -v ON_ERROR_STOP=1 -c 'revoke connect on database postgres, template1 from public'

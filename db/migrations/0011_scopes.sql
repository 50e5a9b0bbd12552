-- Keys of programs may single things instead of what a role may; those that there are may what they could.

alter table api_keys add column scopes text[];

update api_keys set scopes =
  array['recordings:read', 'rules:read', 'rooms:read', 'events:read', 'system:read']
  || case when role in ('operator', 'admin')
       then array['recordings:write', 'shares:write', 'rules:write', 'rooms:join'] else '{}'::text[] end
  || case when role = 'admin' then array['settings:write', 'access:write'] else '{}'::text[] end;

alter table api_keys alter column scopes set not null;
alter table api_keys drop column role;

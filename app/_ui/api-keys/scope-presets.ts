import { type Scope, scopesOf } from '../../_control/scopes.ts';
import { roleLabel, roleNames } from '../users/role-names.ts';

/** The role whose people may exactly this; undefined when no role does. */
export function presetOf(scopes: readonly Scope[]) {
  return roleNames.find(({ role }) => {
    const all = scopesOf(role);
    return all.length === scopes.length && all.every((scope) => scopes.includes(scope));
  })?.role;
}

/** What a list says of a key: the name of a preset, or the scopes themselves. */
export function scopesText(scopes: readonly Scope[]): string {
  const preset = presetOf(scopes);
  return preset ? `As ${roleLabel(preset).toLowerCase()}` : scopes.join(', ');
}

'use client';

import { createContext, type ReactNode, useContext } from 'react';
import { mayAs, type Role } from '../../_control/roles.ts';

const RoleContext = createContext<Role>('viewer');

export function RoleProvider({ role, children }: { role: Role; children: ReactNode }) {
  return <RoleContext value={role}>{children}</RoleContext>;
}

/**
 * Whether whoever looks at the page may do what is meant for `needed`: for hiding and disabling what the API would
 * refuse anyway.
 */
export function useMay(needed: Role): boolean {
  return mayAs(useContext(RoleContext), needed);
}

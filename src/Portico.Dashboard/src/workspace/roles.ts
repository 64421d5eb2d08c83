import type { SessionWorkspace } from '../api/contract';

/** The roles of Render's API, with what each may do. */
export const roles = [
  { value: 'ADMIN', label: 'Admin', may: 'everything, also members, webhooks and the audit log' },
  { value: 'DEVELOPER', label: 'Developer', may: 'what contributors may, and create, change and delete' },
  { value: 'WORKSPACE_CONTRIBUTOR', label: 'Contributor', may: 'deploy, restart, scale and suspend, and read secrets' },
  { value: 'WORKSPACE_VIEWER', label: 'Viewer', may: 'read everything but secrets' },
  { value: 'WORKSPACE_BILLING', label: 'Billing', may: 'see the workspace and its members' },
] as const;

export const roleName = (value: string): string => roles.find((role) => role.value === value)?.label ?? value;

export const mayAdminister = (workspace: SessionWorkspace): boolean => workspace.role === 'ADMIN';

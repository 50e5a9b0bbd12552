import { actionSchema } from '../actions-api.ts';
import { pageQuerySchema } from '../api.ts';
import * as users from '../users-api.ts';
import { type Operations, page } from './operation.ts';

export const peopleOperations: Operations = {
  '/api/v1/users': {
    get: {
      summary: 'People who sign in; for admins',
      query: pageQuerySchema,
      answer: page(users.userSchema),
      problems: [400],
    },
    post: {
      summary: 'Make a person and a link, shown this once, by which that person chooses a password',
      body: users.createUserRequestSchema,
      status: 201,
      answer: users.invitationSchema,
      problems: [400, 409, 413, 415],
    },
  },
  '/api/v1/users/{id}': {
    get: { summary: 'A person', answer: users.userSchema, problems: [404] },
    patch: {
      summary: 'Change name, e-mail address or role, disable or enable; another role ends the sessions',
      description: 'The last admin who can sign in is never lost: 409.',
      body: users.updateUserRequestSchema,
      answer: users.userSchema,
      problems: [400, 404, 409, 413, 415],
    },
    delete: { summary: 'Remove a person, with all sessions', status: 204, problems: [404, 409] },
  },
  '/api/v1/users/{id}/invitation': {
    post: {
      summary: 'A new link for who lost the invitation or the password; those before it work no more',
      status: 201,
      answer: users.invitationSchema,
      problems: [404, 409],
    },
  },
  '/api/v1/api-keys': {
    get: { summary: 'API keys, newest first; for admins', answer: page(users.apiKeySchema) },
    post: {
      summary: 'Create an API key with the scopes it needs; it is answered this once',
      body: users.createApiKeyRequestSchema,
      status: 201,
      answer: users.createdApiKeySchema,
      problems: [400, 409, 413, 415],
    },
  },
  '/api/v1/api-keys/{id}': { delete: { summary: 'Revoke an API key', answer: users.apiKeySchema, problems: [404] } },
  '/api/v1/actions': {
    get: {
      summary: 'Who did what, newest first: kept for a year',
      query: pageQuerySchema,
      answer: page(actionSchema),
      problems: [400],
    },
  },
  '/api/v1/account': {
    get: { summary: 'Who asks, and what they may', answer: users.accountSchema },
    patch: {
      summary: 'Change the own name or e-mail address; sessions stay',
      body: users.updateAccountRequestSchema,
      answer: users.accountSchema,
      problems: [400, 409, 413, 415, 429],
    },
  },
  '/api/v1/account/password': {
    post: {
      summary: 'Change the own password; every other session ends',
      body: users.changePasswordRequestSchema,
      status: 204,
      problems: [400, 409, 413, 415, 429],
    },
  },
  '/api/v1/account/sessions': {
    get: { summary: 'Browsers that are signed in as who asks', answer: page(users.sessionSchema), problems: [409] },
    delete: { summary: 'Sign out everywhere else', status: 204, problems: [409] },
  },
  '/api/v1/account/sessions/{id}': { delete: { summary: 'Sign out one browser', status: 204, problems: [404, 409] } },
};

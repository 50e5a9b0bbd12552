/** The parts of an OpenAPI document that ours has. */
export interface ApiSchema {
  type?: string | string[];
  description?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  properties?: Record<string, ApiSchema>;
  required?: string[];
  items?: ApiSchema;
  anyOf?: ApiSchema[];
  oneOf?: ApiSchema[];
  additionalProperties?: boolean | ApiSchema;
  $ref?: string;
}

export interface ApiParameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema: ApiSchema;
}

/** Names of schemes, and the scope (of a key) or role (of a person) that is needed. */
export type ApiSecurity = Record<string, string[]>;

export interface ApiOperation {
  summary: string;
  description?: string;
  tags: string[];
  security: ApiSecurity[];
  parameters?: ApiParameter[];
  requestBody?: { required: boolean; content: Record<string, { schema?: ApiSchema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema?: ApiSchema }> }>;
}

export type ApiWebhook = Required<Pick<ApiOperation, 'summary' | 'description' | 'requestBody' | 'responses'>>;

export const apiMethods = ['get', 'post', 'patch', 'delete'] as const;
export type ApiMethod = (typeof apiMethods)[number];

export type ApiPath = { [Method in ApiMethod]?: ApiOperation } & { parameters?: ApiParameter[] };

export interface ApiDocument {
  openapi: string;
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, ApiPath>;
  webhooks: Record<string, { post: ApiWebhook }>;
  components: { schemas: Record<string, ApiSchema>; securitySchemes: Record<string, object> };
  security: ApiSecurity[];
}

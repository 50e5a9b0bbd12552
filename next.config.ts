import type { NextConfig } from 'next';

const config: NextConfig = {
  // Native or dynamically loading packages stay outside the server bundle.
  serverExternalPackages: ['postgres', '@aws-sdk/client-s3', '@aws-sdk/lib-storage', 'livekit-server-sdk', 'pino'],
  // `npm test` checks types and lint over the whole repository, in one place.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
};

export default config;

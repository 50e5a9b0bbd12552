/** Runs once when the server starts, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { startControlPlane } = await import('./app/_control/control-plane.ts');
  await startControlPlane();
}

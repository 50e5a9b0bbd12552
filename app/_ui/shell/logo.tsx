/** A participant whose head is the recording light. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={className}>
      <circle cx="12" cy="7.75" r="4.25" fill="var(--live)" />
      <path
        d="M4.5 20.25v-.5a5 5 0 0 1 5-5h5a5 5 0 0 1 5 5v.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.25"
        strokeLinecap="round"
      />
    </svg>
  );
}

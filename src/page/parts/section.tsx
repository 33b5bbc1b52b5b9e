import type { ComponentChildren, JSX } from 'preact';

interface SectionProps {
  id: string;
  title: string;
  /** What is to be seen here, for somebody who comes for the first time. */
  about: string;
  children: ComponentChildren;
}

/** One part of the page, which the navigation leads to. */
export function Section({ id, title, about, children }: SectionProps): JSX.Element {
  return (
    <section id={id} aria-labelledby={`${id}-title`} tabIndex={-1}>
      <h2 id={`${id}-title`}>{title}</h2>
      <p class="about">{about}</p>
      {children}
    </section>
  );
}

/** Said where there is nothing to list. */
export function Nothing({ children }: { children: ComponentChildren }): JSX.Element {
  return <p class="nothing">{children}</p>;
}

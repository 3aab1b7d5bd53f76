import type { Known } from './store.ts';
import type { Mail } from './worlds.ts';

/** Not of the page's own making, so it may do nothing in it: neither run, nor reach it. */
const Html = ({ mail: { eventId, subject } }: { mail: Mail }) => (
  <iframe
    class="mail-html"
    sandbox=""
    title={`${subject}: as HTML`}
    src={`/dev/mails/${encodeURIComponent(eventId)}`}
  />
);

const Letter = ({ mail }: { mail: Mail }) => (
  <article class="mail" aria-label={mail.subject}>
    <p class="mail-head">
      <b>{mail.subject}</b>
      {mail.to && <span>to {mail.to}</span>}
      {mail.sent > 1 && <span class="failure">sent {mail.sent} times</span>}
      {mail.isSuppressed && <span class="failure">not delivered: the address is suppressed</span>}
    </p>
    <div class="mail-forms">
      <Html mail={mail} />
      <pre class="mail-text">{mail.text}</pre>
    </div>
  </article>
);

/** What the open order's customer was sent: as they see it, and in words alone. */
export const MailsPanel = ({ known: { worlds, selected } }: { known: Known }) => {
  const mails = worlds?.mailbox.filter(({ orderId }) => orderId === selected) ?? [];
  return (
    <section class="panel mails" aria-labelledby="mails-title">
      <h2 id="mails-title">Mails</h2>
      {mails.length === 0 && <p class="empty">The customer was not told anything.</p>}
      {mails.map((mail) => (
        <Letter key={mail.eventId} mail={mail} />
      ))}
    </section>
  );
};

/** Where an invocation stalls: after so many calls of AWS, until the gate opens, if ever. */
interface Gate {
  callsLeft: number;
  readonly opened: Promise<void>;
  readonly onStalled: () => void;
}

/** The request id in an X-Ray header, without its hyphens. */
export const rootOf = (traceHeader: string): string | undefined =>
  /Root=1-([0-9a-f]{8})-([0-9a-f]{24})/.exec(traceHeader)?.slice(1).join('');

/** The X-Ray header that an invocation's SDK clients send, which marks its calls. */
export const traceHeaderOf = (requestId: string) => {
  const hex = requestId.replaceAll('-', '');
  return `Root=1-${hex.slice(0, 8)}-${hex.slice(8)};Sampled=0`;
};

/** Holds back the AWS calls of single invocations, for faults half-way through a handler. */
export const gates = () => {
  const byRoot = new Map<string, Gate>();
  return {
    hold: (
      requestId: string,
      calls: number,
      opened: Promise<void>,
      onStalled: () => void = () => {},
    ): void => {
      byRoot.set(requestId.replaceAll('-', ''), { callsLeft: calls, opened, onStalled });
    },
    /** To be awaited before each call is served. */
    pass: async (traceHeader: string | undefined): Promise<void> => {
      const gate = byRoot.get(rootOf(traceHeader ?? '') ?? '');
      if (!gate) return;
      gate.callsLeft -= 1;
      if (gate.callsLeft >= 0) return;
      gate.onStalled();
      await gate.opened;
    },
  };
};
export type Gates = ReturnType<typeof gates>;

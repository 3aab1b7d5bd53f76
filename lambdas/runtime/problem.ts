import type { FieldError } from '../../api/problem-details.ts';
import { PROBLEMS, type ProblemName, typeOf } from '../../api/problems.ts';

/** An answer other than success. `errors` names each bad field. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly problem: ProblemName;
  readonly errors: readonly FieldError[] | undefined;
  /** @param detail a sentence about this occurrence, for people; it tells nothing internal */
  constructor(problem: ProblemName, detail: string, errors?: readonly FieldError[]) {
    super(detail);
    this.problem = problem;
    this.errors = errors;
  }

  get status(): number {
    return PROBLEMS[this.problem].status;
  }

  /** The answer: problem details (RFC 9457). */
  toJSON() {
    const { problem, message: detail, errors } = this;
    return { type: typeOf(problem), ...PROBLEMS[problem], detail, errors };
  }
}

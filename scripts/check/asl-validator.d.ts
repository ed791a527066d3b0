/** asl-validator brings no types. */
declare module 'asl-validator' {
  interface StateMachineError {
    'Error code': string;
    Message: string;
    path?: string;
  }
  export default function validate(definition: Record<string, unknown>): {
    isValid: boolean;
    errors: StateMachineError[];
  };
}

/** One of the SDK's shapes, of which these members are always there. */
export type With<Shape, Member extends keyof Shape> = Omit<Shape, Member> & {
  [Name in Member]-?: NonNullable<Shape[Name]>;
};

/** What the reference says once, since it holds for several resources. */
export const rules = `## Lists that several write

A template's \`LifecycleConfigArns\` and \`CustomImages\`, at every depth, are the template's part of a list: \`Custom::StudioLifecycleConfig\`, \`Custom::StudioImage\` and administrators attach further entries. An update changes only what the template added or removed since its last version, on top of the current list. A list that the template no longer has takes only the template's own former entries with it; a resource that is adopted keeps what it has. Attach each thing in one place: what a template lists and another resource attaches as well goes with the first of the two.

An app does not start with a default that is not in the list. So an entry stays in the list as long as the app's \`DefaultResourceSpec\` (\`LifecycleConfigArn\`, \`SageMakerImageArn\`, \`SageMakerImageVersionArn\`) or \`BuiltInLifecycleConfigArn\` names it, also where another team set that; remove the default as well, and both go. A template that no longer has such a lifecycle configuration removes it only where it is still the one that the template set. The deletion of a lifecycle configuration or of an image takes it out of all lists and defaults; only a \`SageMakerImageArn\`, which the API cannot clear, has to be given another value.

## Settings that cannot be taken back

SageMaker's API clears lists, and the ARNs of lifecycle configurations, image versions and training plans; a member with a documented default goes back to that. Other settings, such as \`DockerSettings\`, \`ExecutionRoleIdentityConfig\`, \`IpAddressType\` or \`CustomPosixUserConfig\`, keep their values when a template no longer has them. An update that only leaves them out is refused, before anything is changed: the stack event names their paths, and the values that turn them off, such as \`EnableDockerAccess: DISABLED\`. Once they are off, the template may leave them out. This holds for domains, user profiles, fleets (an update with such a member is refused as a whole), spaces and app image configs. In a rollback, or where CloudFormation does not say whether it is one, they keep their values, and the log names them.

An RStudio \`UserGroup\` is passed on only with \`AccessStatus: ENABLED\`, since SageMaker refuses it otherwise.

## Tags

What is created in SageMaker has the tags of its template, and those of its stack for keys that the template does not have. An update adds and changes the stack's tags, and removes none of them. CloudFormation sends a custom resource no update when only the stack's tags change. SageMaker takes 50 tags, of which this project needs two, three for a member of a fleet; keys that differ only by case count as the same.`;

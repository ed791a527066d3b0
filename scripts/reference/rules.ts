/** What the reference says once, since it holds for several resources. */
export const rules = `## Lists that several write

A template's \`LifecycleConfigArns\` and \`CustomImages\`, at every depth, are only a part of a list: \`Custom::StudioLifecycleConfig\`, \`Custom::StudioImage\` and administrators add further entries. An update changes only what the template added or removed since its last version, on top of the current list. When a template no longer has a list, only the template's own former entries are removed. An adopted resource keeps its entries. Attach each thing in one place: if a template lists it and another resource attaches it as well, the removal of either one detaches it.

An app does not start with a default that is not in the list. So an entry stays in the list as long as the app's \`DefaultResourceSpec\` (\`LifecycleConfigArn\`, \`SageMakerImageArn\`, \`SageMakerImageVersionArn\`) or \`BuiltInLifecycleConfigArn\` names it, even if another team has set that default. To remove both, remove the default as well. When a template no longer sets such a default, it is removed only if it still has the template's value. The deletion of a lifecycle configuration or of an image removes it from all lists and defaults. Only a \`SageMakerImageArn\` stays, since the API cannot clear it: set it to another value.

## Settings that cannot be removed

SageMaker's API can clear lists, and the ARNs of lifecycle configurations, image versions and training plans. A member with a documented default returns to that default. Other settings, such as \`DockerSettings\`, \`ExecutionRoleIdentityConfig\`, \`IpAddressType\` or \`CustomPosixUserConfig\`, keep their values when a template no longer has them. An update that removes them from the template is refused before anything is changed. The stack event names their paths, and the values to set instead, such as \`EnableDockerAccess: DISABLED\`. After an update that sets these, the template may omit them. This applies to domains, user profiles, fleets (an update with such a member is refused as a whole), spaces and app image configs. In a rollback, or if CloudFormation does not say whether the stack is rolling back, they keep their values, and the log names them.

An RStudio \`UserGroup\` is passed on only with \`AccessStatus: ENABLED\`, since SageMaker refuses it otherwise.

## Tags

What is created in SageMaker has the tags of its template, and those of its stack for keys that the template does not have. An update adds and changes the stack's tags, and removes none of them. CloudFormation sends a custom resource no update when only the stack's tags change. SageMaker takes 50 tags, of which this project needs two, three for a member of a fleet; keys that differ only by case count as the same.`;

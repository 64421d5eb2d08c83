using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Rendering;

/// <summary>One element of <c>status --json</c>. Scripts rely on its shape, so it does not follow the server's.</summary>
internal sealed record StatusItem(
    string Name, string Id, string Type, string Status, string? Url, string? InternalAddress,
    DeploySummary? Deploy, IReadOnlyList<InstanceSummary> Instances)
{
    public static StatusItem From(ResourceStatus item) => new(
        item.Name, item.Id, item.Type, item.Status, item.Url, item.InternalAddress, item.Deploy, item.Instances);
}

using System.Text.Json.Serialization;
using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Rendering;

/// <summary>One element of <c>status --json</c>. Scripts rely on its shape, so it does not follow the server's.</summary>
internal sealed record StatusItem(
    string Name, string? Id, string Type, string Status, string? Url, string? InternalAddress,
    DeploySummary? Deploy, IReadOnlyList<InstanceSummary> Instances)
{
    public static StatusItem From(ResourceStatus item) => new(
        item.Name, item.Id, item.Type, item.Status, item.Url, item.InternalAddress, item.Deploy, item.Instances);

    /// <summary>A skipped service has no type yet: its kind is <c>service</c>.</summary>
    public static StatusItem From(SkippedResource item) => new(item.Name, null, item.Kind, "skipped", null, null, null, []) { Reason = item.Reason };

    /// <summary>Why it was skipped; only of what was skipped.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}

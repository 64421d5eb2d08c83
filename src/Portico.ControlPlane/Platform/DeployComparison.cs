using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Planning;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Platform;

/// <summary>Tells what differs between two deploys of a service: fields with their values, and the names of variables and secret files. Pure.</summary>
internal static class DeployComparison
{
    /// <summary>These follow from the commit and differ in every deploy.</summary>
    private const string OfCommit = "RENDER_GIT_";

    public static IReadOnlyList<SettingChange> Settings(ServiceRow service, DeployRow before, DeployRow after) =>
    [
        .. ServiceDifference.Between(
                ServiceMapping.ToSpec(service.Name, service.Type, before.Settings, null), ServiceMapping.ToSpec(service.Name, service.Type, after.Settings, null))
            .Select(change => change.Secret ? new SettingChange(change.Path, null, null, true) : new SettingChange(change.Path, change.Old, change.New, false)),
    ];

    /// <returns>Nothing while the variables of one of them are not resolved.</returns>
    public static IReadOnlyList<NameChange> Variables(DeployRow before, DeployRow after) =>
        before.Environment is null || after.Environment is null ? []
            : [.. Names(before.Environment, after.Environment).Where(change => !change.Name.StartsWith(OfCommit, StringComparison.Ordinal))];

    public static IReadOnlyList<NameChange> SecretFiles(DeployRow before, DeployRow after) =>
        before.Environment is null || after.Environment is null ? [] : [.. Names(before.SecretFiles ?? [], after.SecretFiles ?? [])];

    private static IEnumerable<NameChange> Names(Dictionary<string, string> before, Dictionary<string, string> after) =>
        before.Keys.Union(after.Keys).Order(StringComparer.Ordinal).Where(name => before.GetValueOrDefault(name) != after.GetValueOrDefault(name))
            .Select(name => new NameChange(name, !before.ContainsKey(name) ? "added" : after.ContainsKey(name) ? "changed" : "removed"));
}

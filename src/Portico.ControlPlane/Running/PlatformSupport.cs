using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Engines;
using Portico.ControlPlane.Access;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Running;

/// <summary>What this platform and its engine support, for validation before a plan.</summary>
internal static class PlatformSupport
{
    private const string Postgres = "postgres";
    private const string KeyValue = "keyvalue";

    private static readonly FeatureGap[] NotYet =
    [
        Stored(Feature.Previews, "this version does not create preview environments yet."),
        Stored(Feature.CustomDomains, "they are served over http once DNS points here; certificates are not issued yet."),
        Stored(Feature.ReadReplicas, "this version does not create read replicas yet."),
        Stored(Feature.HighAvailability, "this version runs one instance and restarts it when it fails."),
        Stored(Feature.StorageAutoscaling, "a disk grows only when you change diskSizeGB; without it, a database can use the whole disk of this machine."),
        Stored(Feature.InitialDeployHook, "this version does not run it yet; use preDeployCommand."),
        Stored(Feature.AutoDeployAfterChecks, "checks can be read only from https repositories on GitHub, GitLab, Gitea and Codeberg. Its commits are not deployed automatically; use the trigger commit or its deploy hook."),
        new(Feature.RegistryCredentials, Severity.Error, "this engine does not pull images."),
    ];

    /// <summary>
    /// Git reads local repositories with the server's permissions, so other users could read what the machine stores for
    /// someone else.
    /// </summary>
    private static readonly FeatureGap LocalRepositories = new(
        Feature.LocalRepositories, Severity.Error, "only the owner of this machine can build from its directories. Use an https or ssh URL.");

    private static readonly FeatureGap Unencrypted = Stored(
        Feature.KeyValueIpAllowList, "the Key Value server on this machine was built without TLS, so only services of the platform can reach it.");

    /// <param name="localRepositories">Whether the user may build from repositories on this machine; see <see cref="Caller.IsOwner"/>.</param>
    public static EngineSupport Of(EngineCapabilities engine, bool localRepositories)
    {
        var postgres = engine.Runtimes.FirstOrDefault(runtime => runtime.Name == Postgres);
        var keyValue = engine.Runtimes.FirstOrDefault(runtime => runtime.Name == KeyValue);
        return new EngineSupport
        {
            Name = engine.Name,
            Images = engine.Images,
            Dockerfiles = engine.Dockerfiles,
            DiskRestriction = engine.DiskRestriction,
            Regions = [engine.Name],
            Runtimes = [.. engine.Runtimes.Select(runtime => new RuntimePresence(runtime.Name, runtime.Versions, runtime.Install))],
            PostgresMajors = postgres is null ? [] : [.. postgres.Versions, .. postgres.Fetchable],
            PostgresHint = postgres?.Hint ?? postgres?.Install,
            KeyValue = keyValue?.Versions.Count > 0,
            KeyValueInstall = keyValue?.Install,
            KeyValuePassword = engine.PrivateNetwork.Restriction is null ? null : "without a private network, it accepts connections with its password only",
            Gaps =
            [
                .. NotYet,
                .. localRepositories ? Array.Empty<FeatureGap>() : [LocalRepositories],
                .. engine.DiskSizeRestriction is { } restriction ? [Stored(Feature.DiskSize, $"it is measured, not enforced. {restriction}")] : Array.Empty<FeatureGap>(),
                .. engine.PrivateNetwork.Restriction is { } shared ? [Stored(Feature.Isolation, shared)] : Array.Empty<FeatureGap>(),
                .. keyValue is { Encrypts: false } ? [Unencrypted] : Array.Empty<FeatureGap>(),
            ],
        };
    }

    private static FeatureGap Stored(Feature feature, string reason) => new(feature, Severity.Warning, reason);
}

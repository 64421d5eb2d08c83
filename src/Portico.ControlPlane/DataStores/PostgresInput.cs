using Portico.Api.Contracts.Render;
using Portico.Blueprint.Model;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.DataStores;

/// <summary>Validates request bodies of Postgres databases and converts them to settings.</summary>
internal sealed class PostgresInput(IEngine engine, DataStoreCreation creation)
{
    private const int LargestDisk = 16_384;

    /// <exception cref="RefusedException">A value is invalid or not supported; the message begins with the field.</exception>
    public DataStoreSettings Read(PostgresPostInput input)
    {
        RefuseMissing(input.EnableHighAvailability, input.EnableDiskAutoscaling, input.ConnectionPool,
            input.DatadogAPIKey, input.DatadogSite, input.ReadReplicas);
        RequireNames(input.DatabaseName, input.DatabaseUser);
        var version = string.IsNullOrEmpty(input.Version) ? null : input.Version;
        DataStoreInput.RequireEngine(engine, "version", new ResourceLists
        {
            Databases = [new DatabaseSpec { Name = DataStoreInput.Name(input.Name), MajorVersion = version }],
        });
        return new DataStoreSettings
        {
            Region = DataStoreInput.Region(input.Region),
            Plan = DataStoreInput.Plan(input.Plan, Plans.Database),
            MajorVersion = version,
            DiskSizeGB = Disk(input.DiskSizeGB, null),
            IpAllowList = InboundRules.Of("", input.IpAllowList),
            ParameterOverrides = Parameters(input.ParameterOverrides, version ?? creation.NewestPostgres()),
        };
    }

    /// <exception cref="RefusedException">A value is invalid or not supported; the message begins with the field.</exception>
    public static DataStoreSettings Read(PostgresPatchInput input, DataStoreRow row)
    {
        RefuseMissing(input.EnableHighAvailability, input.EnableDiskAutoscaling, input.ConnectionPool,
            input.DatadogAPIKey, input.DatadogSite, input.ReadReplicas);
        var current = row.Settings;
        return current with
        {
            Plan = input.Plan.IsSet ? DataStoreInput.Plan(input.Plan.Value, Plans.Database) : current.Plan,
            DiskSizeGB = input.DiskSizeGB is { IsSet: true, Value: { } size } ? Disk(size, current.DiskSizeGB) : current.DiskSizeGB,
            IpAllowList = input.IpAllowList.IsSet ? InboundRules.Of("", input.IpAllowList.Value) : current.IpAllowList,
            ParameterOverrides = input.ParameterOverrides.IsSet
                ? Parameters(input.ParameterOverrides.Value, row.Identity.MajorVersion!)
                : current.ParameterOverrides,
        };
    }

    /// <returns>Null if there are none.</returns>
    public static IReadOnlyDictionary<string, string>? Parameters(IReadOnlyDictionary<string, string?>? given, string version)
    {
        foreach (var (name, value) in given ?? new Dictionary<string, string?>())
            if ((value is null ? "must be a string." : PostgresParameters.Explain(name, value, version)) is { } problem)
                throw Refusal.Invalid($"parameterOverrides.{name}: {problem}");
        return given is { Count: > 0 } ? given.ToDictionary(item => item.Key, item => item.Value!, StringComparer.Ordinal) : null;
    }

    private static int? Disk(int? size, int? current) => size switch
    {
        < 1 or > LargestDisk => throw Refusal.Invalid($"diskSizeGB: must be a whole number from 1 to {LargestDisk}."),
        _ when size < current => throw Refusal.Invalid($"diskSizeGB: the disk has {current} GB and can't shrink to {size} GB."),
        _ => size,
    };

    private static void RequireNames(string? database, string? user)
    {
        if (!string.IsNullOrEmpty(database)
            && (ValueRules.PostgresIdentifier(database) ?? PostgresNames.ExplainDatabaseName(database)) is { } badDatabase)
            throw Refusal.Invalid($"databaseName: {badDatabase}");
        if (!string.IsNullOrEmpty(user) && (ValueRules.PostgresUser(user) ?? PostgresNames.ExplainUser(user)) is { } badUser)
            throw Refusal.Invalid($"databaseUser: {badUser}");
    }

    /// <summary>Rejects features that this version does not have. Accepting them without effect would be misleading.</summary>
    private static void RefuseMissing(
        bool? highAvailability, bool? autoscaling, string? pool, string? datadogKey, string? datadogSite, IReadOnlyList<ReadReplicaInput>? replicas)
    {
        Refuse(highAvailability is true, "enableHighAvailability", "this engine runs one instance and restarts it when it fails");
        Refuse(autoscaling is true, "enableDiskAutoscaling", "a disk grows only when you change diskSizeGB");
        Refuse(pool is not (null or "" or "none"), "connectionPool", "Portico has no connection pools yet");
        Refuse(!string.IsNullOrEmpty(datadogKey), "datadogAPIKey", "Portico does not send metrics to Datadog");
        Refuse(!string.IsNullOrEmpty(datadogSite), "datadogSite", "Portico does not send metrics to Datadog");
        Refuse(replicas is { Count: > 0 }, "readReplicas", "Portico has no read replicas yet");
    }

    private static void Refuse(bool condition, string field, string reason)
    {
        if (condition)
            throw Refusal.Invalid($"{field}: not supported, because {reason}. Omit it.");
    }
}

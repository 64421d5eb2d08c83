using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.Engines;

/// <summary>
/// Reports the parts of a file that cannot run here, before anything is changed. Nothing is dropped silently: each part of
/// the file works, causes an error, or causes a warning that it has no effect yet.
/// </summary>
public static class EngineCheck
{
    private static readonly string[] RenderRegions = ["oregon", "ohio", "frankfurt", "singapore", "virginia"];

    public static IReadOnlyList<Diagnostic> Check(BlueprintFile file, EngineSupport support)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(support);
        var bag = new DiagnosticBag();
        foreach (var service in file.AllServices())
            CheckService(service.Resource, support, bag);
        foreach (var database in file.AllDatabases())
            CheckDatabase(database.Resource, support, bag);
        foreach (var store in file.AllKeyValues())
            CheckKeyValue(store.Resource, support, bag);
        if (support.KeyValuePassword is { } reason)
            foreach (var service in file.AllServices())
                CheckAddresses(service.Resource, reason, bag);
        foreach (var (feature, at, what) in FeatureUse.Of(file, support.Origin))
            foreach (var gap in support.Gaps.Where(gap => gap.Feature == feature))
                Report(gap, at, what, bag);
        return bag.ToList();
    }

    private static void Report(FeatureGap gap, Origin at, string what, DiagnosticBag bag)
    {
        if (gap.Severity == Severity.Error)
            bag.Error(Codes.EngineCannot, at, $"not supported: {what} ({gap.Reason})");
        else
            bag.Warn(Codes.NoEffect, at, $"no effect yet: {what} ({gap.Reason})");
    }

    private static void CheckService(ServiceSpec service, EngineSupport support, DiagnosticBag bag)
    {
        CheckRegion(service.Region, service.Origin, support, bag);
        if (service.Disk is not null && support.DiskRestriction is { } restriction)
            bag.Error(Codes.EngineCannot, service.Origin.At("disk"), $"not supported: the disk of '{service.Name}' ({restriction})");
        var at = service.Origin.At(service.Origin.Has("runtime") ? "runtime" : "env");
        switch (service.Runtime)
        {
            case "static" or "":
                return;
            case "docker" when !support.Dockerfiles:
                bag.Error(
                    Codes.EngineCannot, at, $"'{service.Name}' cannot run on the {support.Name} engine: a Dockerfile needs a container engine",
                    "use a native runtime such as node or python, or a container engine");
                return;
            case "image" when !support.Images:
                bag.Error(
                    Codes.EngineCannot, at, $"'{service.Name}' cannot run on the {support.Name} engine: an image needs a container engine",
                    "use a native runtime such as node or python, or a container engine");
                return;
            case "docker" or "image":
                return;
            default:
                CheckRuntime(service, at, support, bag);
                return;
        }
    }

    private static void CheckRuntime(ServiceSpec service, Origin at, EngineSupport support, DiagnosticBag bag)
    {
        if (support.Runtimes is null)
            return;
        var runtime = support.Runtimes.FirstOrDefault(item => item.Name == service.Runtime);
        if (runtime is null)
            bag.Error(Codes.EngineCannot, at, $"'{service.Name}' cannot run on the {support.Name} engine: it does not support the runtime {service.Runtime}");
        else if (runtime.Versions.Count == 0)
            bag.Error(Codes.EngineCannot, at, $"'{service.Name}' cannot run here: {service.Runtime} is not installed", $"install it: {runtime.Install}");
    }

    private static void CheckDatabase(DatabaseSpec database, EngineSupport support, DiagnosticBag bag)
    {
        CheckRegion(database.Region, database.Origin, support, bag);
        if (support.PostgresMajors is not { } present)
            return;
        var hint = HintFor(database.MajorVersion, support);
        if (present.Count == 0)
            bag.Error(Codes.EngineCannot, database.Origin, $"'{database.Name}' cannot run here: PostgreSQL {database.MajorVersion}".TrimEnd() + " is not installed", hint);
        else if (database.MajorVersion is { } major && !present.Contains(major))
            bag.Error(
                Codes.EngineCannot, database.Origin.At("postgresMajorVersion"),
                $"'{database.Name}' cannot run here: there is no PostgreSQL {major}; available: {string.Join(", ", present)}", hint);
    }

    private static string? HintFor(string? major, EngineSupport support) => major is null
        ? support.PostgresHint?.Replace("-{0}", "", StringComparison.Ordinal)
        : support.PostgresHint?.Replace("{0}", major, StringComparison.Ordinal);

    private static void CheckKeyValue(KeyValueSpec store, EngineSupport support, DiagnosticBag bag)
    {
        CheckRegion(store.Region, store.Origin, support, bag);
        if (!support.KeyValue)
            bag.Error(
                Codes.EngineCannot, store.Origin, $"'{store.Name}' cannot run here: no Redis-compatible server is installed",
                support.KeyValueInstall is { } hint ? $"install it: {hint}" : null);
    }

    /// <summary>Warns about services that get only the address of a Key Value store, and not the password in its <c>connectionString</c>.</summary>
    private static void CheckAddresses(ServiceSpec service, string reason, DiagnosticBag bag)
    {
        var references = (service.EnvVars ?? []).OfType<EnvVar>()
            .Where(variable => variable.Value is ServiceReference { Kind: ReferenceKind.KeyValue }).ToList();
        var named = references.Where(variable => PropertyOf(variable) is "connectionString" or "password").Select(StoreOf).ToHashSet();
        foreach (var variable in references.Where(variable => PropertyOf(variable) is "host" or "port" or "hostport" && !named.Contains(StoreOf(variable))))
            bag.Warn(
                Codes.NeedsPassword, variable.Origin, $"{variable.Key} of '{service.Name}' is not enough to connect to '{StoreOf(variable)}': {reason}",
                "use the property connectionString, which contains the password");

        static string? PropertyOf(EnvVar variable) => ((ServiceReference)variable.Value).Property;
        static string StoreOf(EnvVar variable) => ((ServiceReference)variable.Value).Name;
    }

    private static void CheckRegion(string? region, Origin origin, EngineSupport support, DiagnosticBag bag)
    {
        if (region is null || support.Regions is null || RenderRegions.Contains(region) || support.Regions.Contains(region))
            return;
        bag.Error(
            Codes.InvalidValue, origin.At("region"), $"unknown region '{SafeText.Word(region)}'",
            Suggest.DidYouMean(region, support.Regions.Concat(RenderRegions))
                ?? $"use one of {SafeText.Words(RenderRegions.Concat(support.Regions))}, or remove the line; all of them mean this machine");
    }
}

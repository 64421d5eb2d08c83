using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;
using Portico.Blueprint.References;

namespace Portico.Blueprint.Planning;

/// <summary>A resource of the file that a sync does not touch.</summary>
/// <param name="Reason">Why, for people.</param>
/// <param name="Skipped">Whether the user has agreed; otherwise the file cannot be applied.</param>
public sealed record LeftOutResource(PlannedKind Kind, string Name, string Reason, bool Skipped);

/// <summary>Finds the resources of a file that cannot run here, and takes resources out of a file.</summary>
public static class LeftOut
{
    /// <param name="diagnostics">What <see cref="Engines.EngineCheck"/> and the parser report about the file.</param>
    /// <returns>The services and data stores that cannot run here, in the order of the file.</returns>
    public static IReadOnlyList<LeftOutResource> CannotRun(BlueprintFile file, IReadOnlyList<Diagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(file);
        var reasons = diagnostics.Where(IsAboutThisMachine).ToList();
        return [.. All(file).Select(item => (item.Kind, item.Name, Reasons: reasons.Where(reason => IsIn(reason.Path, item.Origin.Path)).ToList()))
            .Where(item => item.Reasons.Count > 0)
            .Select(item => new LeftOutResource(item.Kind, item.Name, string.Join("; ", item.Reasons.Select(reason => reason.Message)), Skipped: false))];
    }

    /// <summary>Whether an error is about what can run here. Such an error does not refuse the rest of the file.</summary>
    public static bool IsAboutThisMachine(Diagnostic item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item is { Severity: Severity.Error, Code: Codes.EngineCannot or Codes.NotSupported };
    }

    /// <summary>The names of all services and data stores in a file, each with its kind.</summary>
    public static IEnumerable<(PlannedKind Kind, string Name)> Names(BlueprintFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return All(file).Select(item => (item.Kind, item.Name));
    }

    /// <summary>
    /// Returns the file without these resources. A variable that refers to one of them, unless it exists on the platform, has no
    /// value, so it is left out too, with a warning: the services that declare it still run.
    /// </summary>
    public static BlueprintFile Without(
        BlueprintFile file, IReadOnlyList<LeftOutResource> leftOut, KnownResources known, ICollection<Diagnostic> warnings)
    {
        ArgumentNullException.ThrowIfNull(file);
        var names = leftOut.Select(item => (item.Kind, item.Name)).ToHashSet();
        bool IsOut(PlannedKind kind, string name) => names.Contains((kind, name));
        ValueList<EnvEntry>? Variables(string owner, ValueList<EnvEntry>? entries) =>
            entries?.Where(entry => Target(entry, IsOut, known) is not { } target || !Warn(warnings, owner, (EnvVar)entry, target)).ToValueList();

        return names.Count == 0 ? file : file.With(lists => lists with
        {
            Services = lists.Services?.Where(item => !IsOut(PlannedKind.Service, item.Name))
                .Select(item => item with { EnvVars = Variables(item.Name, item.EnvVars) }).ToValueList(),
            KeyValues = lists.KeyValues?.Where(item => !IsOut(PlannedKind.KeyValue, item.Name)).ToValueList(),
            Databases = lists.Databases?.Where(item => !IsOut(PlannedKind.Database, item.Name)).ToValueList(),
            EnvGroups = lists.EnvGroups?.Select(item => item with { EnvVars = Variables(item.Name, item.EnvVars) ?? [] }).ToValueList(),
            Unsupported = null,
        });
    }

    /// <returns>The resource that a variable refers to, if it is left out and does not exist yet.</returns>
    private static string? Target(EnvEntry entry, Func<PlannedKind, string, bool> isOut, KnownResources known)
    {
        var name = (entry as EnvVar)?.Value switch
        {
            DatabaseReference reference when isOut(PlannedKind.Database, reference.Name) => reference.Name,
            ServiceReference { Kind: ReferenceKind.Postgres } reference when isOut(PlannedKind.Database, reference.Name) => reference.Name,
            ServiceReference reference when isOut(PlannedKind.Service, reference.Name) || isOut(PlannedKind.KeyValue, reference.Name) => reference.Name,
            _ => null,
        };
        return name is null || known.Services.ContainsKey(name) || known.Databases.Contains(name) || known.KeyValues.Contains(name) ? null : name;
    }

    private static bool Warn(ICollection<Diagnostic> warnings, string owner, EnvVar variable, string target)
    {
        warnings.Add(new Diagnostic(
            Severity.Warning, Codes.Skipped, $"'{SafeText.Word(owner)}' gets no {SafeText.Word(variable.Key)}, because '{SafeText.Word(target)}' is left out",
            variable.Origin.Path, variable.Origin.Line, variable.Origin.Column, null));
        return true;
    }

    private static IEnumerable<(PlannedKind Kind, string Name, Origin Origin)> All(BlueprintFile file) =>
        file.AllServices().Select(item => (PlannedKind.Service, item.Resource.Name, item.Resource.Origin))
            .Concat(file.AllUnsupported().Select(item => (PlannedKind.Service, item.Resource.Name, item.Resource.Origin)))
            .Concat(file.AllKeyValues().Select(item => (PlannedKind.KeyValue, item.Resource.Name, item.Resource.Origin)))
            .Concat(file.AllDatabases().Select(item => (PlannedKind.Database, item.Resource.Name, item.Resource.Origin)))
            .OrderBy(item => item.Origin.Line);

    private static bool IsIn(string path, string resource) =>
        path == resource || (path.StartsWith(resource, StringComparison.Ordinal) && path[resource.Length] is '.' or '[');
}

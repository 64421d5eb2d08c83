namespace Portico.Blueprint.Model;

/// <summary>A whole render.yaml. Null means that the file does not mention something.</summary>
public sealed record BlueprintFile
{
    public string? Version { get; init; }

    /// <summary>Read from <c>previews</c> or the old <c>previewsEnabled</c> and <c>previewsExpireAfterDays</c>.</summary>
    public RootPreviews? Previews { get; init; }

    /// <summary>The lists at the top of the file.</summary>
    public ResourceLists Resources { get; init; } = new();

    public ResourceLists? Ungrouped { get; init; }

    public ValueList<ProjectSpec>? Projects { get; init; }

    public IEnumerable<Placed<ServiceSpec>> AllServices() => All(lists => lists.Services);

    public IEnumerable<Placed<KeyValueSpec>> AllKeyValues() => All(lists => lists.KeyValues);

    public IEnumerable<Placed<DatabaseSpec>> AllDatabases() => All(lists => lists.Databases);

    public IEnumerable<Placed<EnvGroupSpec>> AllEnvGroups() => All(lists => lists.EnvGroups);

    /// <summary>The resources that this version has no kind for, for example workflows.</summary>
    public IEnumerable<Placed<UnsupportedSpec>> AllUnsupported() => All(lists => lists.Unsupported);

    /// <summary>Returns the file with other resources, each in the project and environment where it was.</summary>
    public BlueprintFile With(Func<ResourceLists, ResourceLists> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return this with
        {
            Resources = change(Resources),
            Ungrouped = Ungrouped is null ? null : change(Ungrouped),
            Projects = Projects?.Select(project => project with
            {
                Environments = project.Environments.Select(environment => environment with { Resources = change(environment.Resources) }).ToValueList(),
            }).ToValueList(),
        };
    }

    private IEnumerable<Placed<T>> All<T>(Func<ResourceLists, IEnumerable<T>?> select)
    {
        foreach (var item in select(Resources) ?? [])
            yield return new Placed<T>(item, null, null);
        foreach (var item in Ungrouped is null ? [] : select(Ungrouped) ?? [])
            yield return new Placed<T>(item, null, null);
        foreach (var project in Projects ?? [])
            foreach (var environment in project.Environments)
                foreach (var item in select(environment.Resources) ?? [])
                    yield return new Placed<T>(item, project.Name, environment.Name);
    }
}

/// <param name="Project">The project; null outside of projects, together with <paramref name="Environment"/>.</param>
public sealed record Placed<T>(T Resource, string? Project, string? Environment);

/// <summary>The lists that are allowed at the root, under <c>ungrouped</c> and in an environment.</summary>
public sealed record ResourceLists
{
    public ValueList<ServiceSpec>? Services { get; init; }

    /// <summary>The Key Value stores. In the file, they are listed among the services.</summary>
    public ValueList<KeyValueSpec>? KeyValues { get; init; }

    public ValueList<DatabaseSpec>? Databases { get; init; }

    public ValueList<EnvGroupSpec>? EnvGroups { get; init; }

    /// <summary>An error names each of them, so they are never applied.</summary>
    public ValueList<UnsupportedSpec>? Unsupported { get; init; }
}

/// <summary>A resource whose type this version does not run. Only its name is read.</summary>
public sealed record UnsupportedSpec(string Name, string Type)
{
    public Origin Origin { get; init; }
}

public sealed record RootPreviews
{
    public PreviewGeneration? Generation { get; init; }

    public int? ExpireAfterDays { get; init; }

    public Origin Origin { get; init; }
}

public sealed record ProjectSpec
{
    public required string Name { get; init; }

    public required ValueList<EnvironmentSpec> Environments { get; init; }

    public Origin Origin { get; init; }
}

public sealed record EnvironmentSpec
{
    public required string Name { get; init; }

    public ResourceLists Resources { get; init; } = new();

    /// <summary>The field <c>networking.isolation</c>.</summary>
    public bool? Isolated { get; init; }

    /// <summary>The field <c>permissions.protection</c>.</summary>
    public bool? Protected { get; init; }

    public Origin Origin { get; init; }
}

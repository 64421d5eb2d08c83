namespace Portico.Blueprint.Model;

/// <param name="RegistryCredential">Name of the credential in <c>creds.fromRegistryCreds</c>.</param>
public sealed record ImageSpec(string Url, string? RegistryCredential);

/// <summary>Percentages are 1 to 90.</summary>
public sealed record ScalingSpec(int? MinInstances, int? MaxInstances, int? TargetMemoryPercent, int? TargetCpuPercent);

public sealed record HeaderSpec(string Path, string Name, string Value);

public sealed record RouteSpec(RouteKind Kind, string Source, string Destination);

/// <param name="SizeGB">Null: <see cref="DefaultSizeGB"/>.</param>
public sealed record DiskSpec(string Name, string MountPath, int? SizeGB)
{
    /// <summary>As the Blueprint schema says.</summary>
    public const int DefaultSizeGB = 10;
}

public sealed record BuildFilterSpec(ValueList<string>? Paths, ValueList<string>? IgnoredPaths);

public sealed record ServicePreviews(PreviewGeneration? Generation, string? Plan, int? NumInstances);

/// <param name="Source">An address or a CIDR block.</param>
public sealed record IpAllowEntry(string Source, string? Description);

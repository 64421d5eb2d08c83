namespace Portico.Blueprint.Model;

/// <param name="RegistryCredential">The name of the credential in <c>creds.fromRegistryCreds</c>.</param>
public sealed record ImageSpec(string Url, string? RegistryCredential);

/// <summary>The limits and targets of autoscaling. Percentages are 1 to 90.</summary>
public sealed record ScalingSpec(int? MinInstances, int? MaxInstances, int? TargetMemoryPercent, int? TargetCpuPercent);

public sealed record HeaderSpec(string Path, string Name, string Value);

public sealed record RouteSpec(RouteKind Kind, string Source, string Destination);

/// <param name="SizeGB">Null for <see cref="DefaultSizeGB"/>.</param>
public sealed record DiskSpec(string Name, string MountPath, int? SizeGB)
{
    /// <summary>The default of Render's Blueprint schema.</summary>
    public const int DefaultSizeGB = 10;
}

public sealed record BuildFilterSpec(ValueList<string>? Paths, ValueList<string>? IgnoredPaths);

public sealed record ServicePreviews(PreviewGeneration? Generation, string? Plan, int? NumInstances);

/// <param name="Source">An IP address or a CIDR block.</param>
public sealed record IpAllowEntry(string Source, string? Description);

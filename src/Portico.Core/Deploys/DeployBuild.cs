namespace Portico.Core.Deploys;

/// <summary>Which build provides a deploy's artifact.</summary>
public enum DeployBuild
{
    /// <summary>An earlier build of the same source, command and variables, or a new one if there is none.</summary>
    WhenChanged,

    /// <summary>A new build: a manual deploy may want newer versions of what the build downloads.</summary>
    Always,

    /// <summary>A new build that reuses nothing from earlier builds.</summary>
    Clean,

    /// <summary>No build: the deploy starts with an artifact.</summary>
    Never,
}

namespace Portico.Core.Deploys;

/// <summary>Where a deploy's artifact comes from.</summary>
public enum DeployBuild
{
    /// <summary>From an earlier build of the same source, command and variables; from a new one where there is none.</summary>
    WhenChanged,

    /// <summary>From a new build: whoever asks for a deploy by hand may want what the build fetches from elsewhere.</summary>
    Always,

    /// <summary>From a new build that reuses nothing of the ones before.</summary>
    Clean,

    /// <summary>It is given: there is no build.</summary>
    Never,
}

namespace Portico.Engines.Process.Sandboxes;

/// <summary>The paths at which workloads see their files. They are Render's where Render has one.</summary>
internal static class SandboxPaths
{
    public const string Home = "/opt/render";

    /// <summary>The files that were built.</summary>
    public const string Source = "/opt/render/project/src";

    public const string Secrets = "/etc/secrets";

    /// <summary>Programs and packages that the build installed globally.</summary>
    public const string Programs = "/opt/portico/programs";

    /// <summary>Downloads of package managers that look for them below <see cref="Programs"/>.</summary>
    public const string Downloads = "/opt/portico/downloads";

    public const string Toolchains = "/opt/portico/toolchains";

    /// <summary>A disk without a mount path, which only commands of Portico's own use.</summary>
    public const string Disk = "/var/lib/disk";

    /// <summary>The files of a revision.</summary>
    public const string Files = "/run/files";

    /// <summary>The files with which names of the private network are resolved.</summary>
    public const string Network = "/run/portico";

    public const string EnterScript = "/run/enter.sh";

    /// <summary>The name and number of the account inside a sandbox, whatever its number on the machine is.</summary>
    public const string AccountName = "render";

    public const int AccountNumber = 1000;
}

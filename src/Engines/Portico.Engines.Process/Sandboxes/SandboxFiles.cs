namespace Portico.Engines.Process.Sandboxes;

/// <summary>Files of <c>/etc</c> in a sandbox that differ from the machine's: the machine's accounts are no business of a workload.</summary>
internal static class SandboxFiles
{
    private static readonly Dictionary<string, string> Contents = new()
    {
        ["passwd"] = $"""
            root:x:0:0:root:/root:/usr/sbin/nologin
            {SandboxPaths.AccountName}:x:{SandboxPaths.AccountNumber}:{SandboxPaths.AccountNumber}::{SandboxPaths.Home}:{Workloads.Launcher.Shell}
            nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin

            """,
        ["group"] = $"""
            root:x:0:
            tty:x:5:
            {SandboxPaths.AccountName}:x:{SandboxPaths.AccountNumber}:
            nogroup:x:65534:

            """,
        ["nsswitch.conf"] = """
            passwd: files
            group: files
            hosts: files dns
            networks: files
            protocols: files
            services: files

            """,
        // The files of a build belong to the account of the build.
        ["gitconfig"] = """
            [safe]
            	directory = *

            """,
    };

    public static IEnumerable<string> Names => Contents.Keys;

    /// <summary>Writes them where every account can read them.</summary>
    public static void Write(string directory)
    {
        foreach (var (name, text) in Contents)
            EngineHome.WriteIfChanged(Path.Combine(directory, name), System.Text.Encoding.UTF8.GetBytes(text));
    }
}

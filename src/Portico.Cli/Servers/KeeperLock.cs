using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Servers;

/// <summary>The lock that a server's keeper holds, also while it restarts the server.</summary>
internal static class KeeperLock
{
    public static bool IsHeld(PlatformPaths paths)
    {
        if (!File.Exists(paths.ServerLock))
            return false;
        try
        {
            using var file = new FileStream(paths.ServerLock, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}

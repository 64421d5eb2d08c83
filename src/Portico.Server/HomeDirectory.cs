using Portico.Api.Contracts.Platform;

namespace Portico.Server;

/// <summary>Lays out <c>PORTICO_HOME</c> and keeps a second server out of it.</summary>
internal static class HomeDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Workloads run as another account and must get through to their own directories, without listing others.
    private const UnixFileMode Passable = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <exception cref="StartException">The directory cannot be made or written.</exception>
    public static void Prepare(PlatformPaths paths)
    {
        try
        {
            Directory.CreateDirectory(paths.Home, Passable);
            foreach (var directory in (string[])[paths.State, paths.DataProtectionKeys, paths.Run, paths.Logs, paths.Sources])
            {
                Directory.CreateDirectory(directory, OwnerOnly);
                File.SetUnixFileMode(directory, OwnerOnly);
            }
            Directory.CreateDirectory(paths.Sites, OwnerOnly);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"PORTICO_HOME '{paths.Home}' cannot be used: {exception.Message} Set PORTICO_HOME to a directory that you may write.", exception);
        }
    }

    /// <exception cref="StartException">Another server runs there.</exception>
    public static FileStream Lock(PlatformPaths paths)
    {
        try
        {
            return new FileStream(paths.ServerHeld, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new StartException($"Another server runs in '{paths.Home}' already.", exception);
        }
    }
}

/// <summary>The server cannot run as things are; the message says what to change.</summary>
internal sealed class StartException(string message, Exception? innerException = null) : Exception(message, innerException);

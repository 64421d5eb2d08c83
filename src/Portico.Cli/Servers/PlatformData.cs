using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Servers;

/// <summary>What a platform leaves on disk. Only folders that are Portico's own are ever deleted, whatever PORTICO_HOME says.</summary>
internal static class PlatformData
{
    public static void Delete(PlatformPaths paths)
    {
        try
        {
            foreach (var folder in paths.Folders.Where(Directory.Exists))
                Directory.Delete(folder, recursive: true);
            // The settings file is the user's: with it, the home stays.
            if (Directory.Exists(paths.Home) && !Directory.EnumerateFileSystemEntries(paths.Home).Any())
                Directory.Delete(paths.Home);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                $"Not everything in {paths.Home} could be deleted: {error.Message}", "Run `portico down --delete` again, as the account that started Portico.");
        }
    }
}

using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Servers;

/// <summary>Deletes the data of a platform. Only Portico's own folders are deleted, whatever PORTICO_HOME is set to.</summary>
internal static class PlatformData
{
    public static void Delete(PlatformPaths paths)
    {
        try
        {
            paths.DeleteAll();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                $"Could not delete everything in {paths.Home}: {error.Message}", "Run `portico down --delete` again as the user that started Portico.");
        }
    }
}

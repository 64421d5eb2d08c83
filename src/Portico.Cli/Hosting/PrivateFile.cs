using System.Text;

namespace Portico.Cli.Hosting;

/// <summary>A file with secrets, which only this user can read from its first byte on.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="CliException">The file exists, and the user did not ask to overwrite it.</exception>
    public static async Task WriteAsync(CliHost host, string path, string text, bool force, CancellationToken cancellationToken)
    {
        var target = host.Absolute(path);
        if (File.Exists(target) && !force)
            throw new CliException($"{path} already exists.", "Choose another name, or add --force to overwrite it.", ExitCode.Usage);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = Own };
        await using var file = new FileStream(target, options);
        File.SetUnixFileMode(file.SafeFileHandle, Own);
        file.SetLength(0);
        await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
    }
}

using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Sources;

/// <summary>Deploy keys. They are generated here, and written to a file only while git needs them.</summary>
internal sealed class GitKeys(PlatformPaths paths, TimeProvider time)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private string Directory_ => Path.Combine(paths.State, "git");

    /// <summary>Creates a key pair, which replaces an existing one. The caller saves.</summary>
    /// <exception cref="GitException">ssh-keygen is not installed or failed.</exception>
    public async Task<GitKeyRow> CreateAsync(PorticoDb db, string workspace, string url, CancellationToken cancellationToken)
    {
        var (publicKey, privateKey) = await MakePairAsync(cancellationToken);
        var row = await db.GitKeys.FirstOrDefaultAsync(item => item.WorkspaceId == workspace && item.Url == url, cancellationToken);
        if (row is null)
            db.GitKeys.Add(row = new GitKeyRow { WorkspaceId = workspace, Url = url, PublicKey = publicKey, PrivateKey = privateKey, CreatedAt = time.GetUtcNow() });
        (row.PublicKey, row.PrivateKey, row.CreatedAt) = (publicKey, privateKey, time.GetUtcNow());
        return row;
    }

    /// <summary>Writes a key to a file, which is deleted on disposal.</summary>
    internal KeyInFile Write(GitKeyRow row)
    {
        Directory.CreateDirectory(Directory_, OwnerOnly);
        var file = Path.Combine(Directory_, $"key-{Path.GetRandomFileName()}");
        using (var stream = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
            stream.Write(System.Text.Encoding.ASCII.GetBytes(row.PrivateKey));
        return new KeyInFile(new SshAccess(file, Path.Combine(Directory_, "known_hosts")));
    }

    private static async Task<(string Public, string Private)> MakePairAsync(CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("portico-key-");
        try
        {
            var file = Path.Combine(directory.FullName, "key");
            var start = new System.Diagnostics.ProcessStartInfo("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "portico", "-f", file])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            using var process = System.Diagnostics.Process.Start(start) ?? throw new GitException("Could not start ssh-keygen.");
            var error = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? ((await File.ReadAllTextAsync($"{file}.pub", cancellationToken)).Trim(), await File.ReadAllTextAsync(file, cancellationToken))
                : throw new GitException($"ssh-keygen failed: {error.Trim()}");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new GitException("ssh-keygen is not installed. Install it: apt-get install openssh-client", exception);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}

internal sealed class KeyInFile(SshAccess access) : IDisposable
{
    public SshAccess Access { get; } = access;

    public void Dispose() => File.Delete(Access.KeyFile);
}

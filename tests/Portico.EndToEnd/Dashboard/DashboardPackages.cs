using System.Diagnostics;
using System.Security.Cryptography;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd.Dashboard;

/// <summary>The npm packages that check the dashboard: they are installed once for each lock file, with its sources beside them.</summary>
internal static class DashboardPackages
{
    private static readonly string Source = SourceTree.PathOf("src", "Portico.Dashboard");

    /// <summary>Returns a folder with the sources of the dashboard and <c>node_modules</c>.</summary>
    public static async Task<string> InstallAsync()
    {
        Programs.Require("node", "npm");
        var digest = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Source, "package-lock.json"))))[..16];
        var folder = SourceTree.PathOf("artifacts", "dashboard-tests", digest);
        Directory.CreateDirectory(folder);
        await using var only = await LockAsync(Path.Combine(folder, "lock"));
        foreach (var file in (string[])["package.json", "package-lock.json", "tsconfig.json"])
            File.Copy(Path.Combine(Source, file), Path.Combine(folder, file), overwrite: true);
        if (!File.Exists(Path.Combine(folder, "complete")))
        {
            var (code, output) = await RunAsync(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
            if (code != 0 && Environment.GetEnvironmentVariable("CI") != "true")
                Assert.Skip($"The packages of the dashboard cannot be installed: {output}");
            Assert.True(code == 0, output);
            await File.WriteAllTextAsync(Path.Combine(folder, "complete"), "");
        }
        return folder;
    }

    public static async Task<(int Code, string Output)> RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>Tests run side by side.</summary>
    private static async Task<FileStream> LockAsync(string file)
    {
        FileStream? taken = null;
        await Eventually.TrueAsync(() =>
        {
            try
            {
                taken = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                // Another test installs them.
            }
            return Task.FromResult(taken is not null);
        }, TimeSpan.FromMinutes(3), "the packages are free");
        return taken!;
    }
}

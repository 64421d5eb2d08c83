using System.Diagnostics;
using System.Globalization;
using Portico.ControlPlane.Tests.Git;
using Portico.Testing;

namespace Portico.ControlPlane.Tests.Shells;

/// <summary>The script that ends sshd and its sandbox when the server closes the other end of its input.</summary>
public sealed class KeepSshdTests
{
    private static readonly string Script = SourceTree.PathOf("src", "Portico.ControlPlane", "Shells", "Ssh", "keep-sshd.sh");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sandbox_that_is_ended_while_it_starts_leaves_nothing()
    {
        Installed.Require("bwrap");
        // Names the processes of this test.
        var seconds = string.Create(CultureInfo.InvariantCulture, $"{100_000 + Environment.ProcessId}");
        for (var i = 0; i < 100; i++)
        {
            using var keeper = Start("bwrap", "--unshare-user", "--unshare-pid", "--die-with-parent", "--ro-bind", "/", "/", "--", "sleep", seconds);
            // Each time at another moment of the start, which takes some milliseconds.
            await Task.Delay(TimeSpan.FromMicroseconds(100 * i), Token);
            keeper.StandardInput.Close();
            await keeper.WaitForExitAsync(Token);
        }

        await Eventually.BecomesAsync(() => Task.FromResult(Running(seconds)), running => running == 0, Eventually.Limit, "nothing is left");
    }

    [Fact]
    public async Task The_last_words_of_the_program_are_the_last_ones()
    {
        for (var i = 0; i < 100; i++)
        {
            using var keeper = Start("bash", "-c", "echo reason >&2; exit 7");
            Assert.Equal("reason\n", await keeper.StandardError.ReadToEndAsync(Token));
            await keeper.WaitForExitAsync(Token);
            Assert.Equal(7, keeper.ExitCode);
        }
    }

    private static Process Start(params string[] command) =>
        Process.Start(new ProcessStartInfo("bash", [Script, .. command]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static int Running(string argument) => Directory.GetDirectories("/proc").Count(process =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Contains($"\0{argument}\0", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}

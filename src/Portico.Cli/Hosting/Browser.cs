using System.ComponentModel;
using System.Diagnostics;

namespace Portico.Cli.Hosting;

/// <summary>The browser of the person at the terminal.</summary>
internal static class Browser
{
    /// <summary>Opens a URL, if a person is there and the machine has a desktop.</summary>
    public static void Show(CliHost host, string url)
    {
        if (host.OutIsTerminal && HasDesktop(host))
            Open(url);
    }

    private static bool HasDesktop(CliHost host) =>
        OperatingSystem.IsMacOS() || host.Variable("DISPLAY") is not null || host.Variable("WAYLAND_DISPLAY") is not null;

    private static void Open(string url)
    {
        try
        {
            using var opener = Process.Start(new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [url])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
        }
        catch (Win32Exception)
        {
            // This machine has no program that opens URLs; the user has the printed one.
        }
    }
}

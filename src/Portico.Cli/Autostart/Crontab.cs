namespace Portico.Cli.Autostart;

/// <summary>Starts Portico at boot on a machine without systemd.</summary>
internal static class Crontab
{
    /// <summary>Returns a line for <c>crontab -e</c>.</summary>
    public static string Line(PlatformUnit unit)
    {
        var settings = unit.Variables.Where(item => item.Key is "PATH" or "PORTICO_HOME" or "PORTICO_HTTP_PORT" or "PORTICO_DOMAIN")
            .Select(item => $"{item.Key}={Word(item.Value)}");
        // cron reads a percent sign as the end of the command.
        return $"@reboot env {string.Join(' ', settings.Concat(unit.Command.Select(Word)))}".Replace("%", "\\%", StringComparison.Ordinal);
    }

    private static string Word(string text) =>
        text.All(letter => char.IsAsciiLetterOrDigit(letter) || "/._:-+,=@".Contains(letter, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}

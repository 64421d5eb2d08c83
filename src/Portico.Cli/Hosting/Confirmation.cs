namespace Portico.Cli.Hosting;

/// <summary>Asks the user to type a word before something that cannot be undone.</summary>
internal static class Confirmation
{
    /// <param name="question">What is printed before the answer, with what to type.</param>
    /// <param name="refused">What is printed when the user types anything else.</param>
    /// <returns>Whether the user typed the word.</returns>
    public static async Task<bool> AskAsync(CliHost host, string question, string word, string refused, CancellationToken cancellationToken)
    {
        host.Error.Write(question);
        if ((await CliHost.AskAsync(host.ReadLine, cancellationToken))?.Trim() == word)
            return true;
        host.Error.WriteLine(refused);
        return false;
    }

    /// <exception cref="CliException">No user can answer.</exception>
    public static void RequireTerminal(CliHost host, string what, string hint)
    {
        if (!host.CanAsk)
            throw new CliException($"{what} needs confirmation, but there is no terminal to ask on.", hint, ExitCode.Usage);
    }
}

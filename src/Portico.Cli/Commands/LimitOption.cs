using System.CommandLine;

namespace Portico.Cli.Commands;

/// <summary>Creates the option that limits a list.</summary>
internal static class LimitOption
{
    private const int Most = 1000;

    public static Option<int> Create(int usual)
    {
        var limit = new Option<int>("--limit")
        {
            Description = $"Show at most N, the newest first. Default: {usual}.",
            HelpName = "N",
            DefaultValueFactory = _ => usual,
        };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, out var number) && number is >= 1 and <= Most))
                result.AddError($"--limit is '{result.Tokens[0].Value}'; it must be a whole number from 1 to {Most}.");
        });
        return limit;
    }
}

namespace Portico.Blueprint.Binding;

/// <summary>The words that a field accepts, each with its value.</summary>
internal sealed class Choices<T>(params (string Word, T Value)[] words)
    where T : struct
{
    /// <summary>How many of the words, from the first, messages suggest. The rest are old or refused.</summary>
    public int Offered { get; init; } = words.Length;

    public IEnumerable<string> Words => words.Take(Offered).Select(item => item.Word);

    public T? Exact(string text)
    {
        foreach (var (word, value) in words)
            if (word == text)
                return value;
        return null;
    }

    /// <summary>Finds a word that differs only in case, or in '_' for '-'.</summary>
    public (string Word, T Value)? Loose(string text)
    {
        var wanted = text.Trim().Replace('_', '-');
        foreach (var item in words)
            if (item.Word.Equals(wanted, StringComparison.OrdinalIgnoreCase))
                return item;
        return null;
    }

    public string WordOf(T value) => words.First(item => item.Value.Equals(value)).Word;
}

namespace Portico.ControlPlane.Logs;

/// <summary>
/// Gathers which text the newest lines hold, until they are a block: lines that follow one another, with a
/// <see cref="GramFilter"/> of all of them, so that a search for text can leave the block out without reading it.
/// </summary>
/// <remarks>
/// It lives in memory: after a restart, the lines that it had seen are in no block, and a search reads them. It may have seen
/// lines that were not stored in the end; then the filter lets a search look where there is nothing.
/// </remarks>
internal sealed class LogBlockBuilder
{
    private const int MostLines = 4096;
    private const double Full = 0.4;

    private readonly GramFilter _filter = new();
    private readonly FoldedText _text = new();
    private LogTime _first, _last;
    private int _lines;

    /// <summary>Lines come in the order of time.</summary>
    /// <returns>Whether the block is complete, so that it should be stored and the next one begun.</returns>
    public bool Add(LogTime time, string message)
    {
        if (_lines++ == 0)
            _first = time;
        _last = time;
        _text.Set(message);
        _filter.Add(_text.Folded);
        return _lines >= MostLines || _filter.Fill > Full;
    }

    public LogRange Range => new(_first, _last);

    public ReadOnlyMemory<byte> Content => _filter.Content;

    public void Clear()
    {
        _filter.Clear();
        _lines = 0;
    }
}

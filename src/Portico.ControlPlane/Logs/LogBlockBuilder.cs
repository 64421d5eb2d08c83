namespace Portico.ControlPlane.Logs;

/// <summary>
/// Collects the sequences of bytes in the newest lines until they form a block: consecutive lines with one <see
/// cref="GramFilter"/> for all of them, so that a text search can skip the block without reading it.
/// </summary>
/// <remarks>
/// It exists only in memory. After a restart, the lines that it had seen belong to no block, and searches read them. It may
/// have seen lines that were not stored in the end; the filter then only allows searches that find nothing.
/// </remarks>
internal sealed class LogBlockBuilder
{
    private const int MostLines = 4096;
    private const double Full = 0.4;

    private readonly GramFilter _filter = new();
    private readonly FoldedText _text = new();
    private LogTime _first, _last;
    private int _lines;

    /// <summary>Adds a line. Lines must come in the order of time.</summary>
    /// <returns>Whether the block is complete and must be stored.</returns>
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

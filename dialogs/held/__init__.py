"""待处理款项 (held money): what finance see of it, and how they settle each."""

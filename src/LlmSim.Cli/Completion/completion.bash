# Completion of llmsim in bash. Load it with: source <(llmsim completion bash)

_llmsim() {
    local line="${COMP_LINE:0:COMP_POINT}" word head candidate
    line="${line#*[[:space:]]}"
    word="${line##*[[:space:]]}"
    if [[ $word == --*=* ]]; then # --flag=value is looked up as --flag value.
        line="${line%"$word"}${word%%=*} ${word#*=}"
        word="${word#*=}"
    fi

    head="${word%"${word##*["$COMP_WORDBREAKS"]}"}" # Readline replaces only what stands behind : and @.
    COMPREPLY=()
    while IFS= read -r candidate; do
        if [[ $candidate == "$word"* && ($word == -* || $candidate != -*) ]]; then
            COMPREPLY+=("${candidate#"$head"}")
        fi
    done < <("${COMP_WORDS[0]/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null)
}

complete -o bashdefault -o default -F _llmsim llmsim

# gnuplot -e 'figures = "FILE"; picture = "FILE.svg"' scale.gnuplot
set terminal svg size 760,380 font "sans-serif,13" background rgb "#ffffff"
set output picture
set border 3 lc rgb "#444444"
set tics nomirror out
set grid y lc rgb "#dddddd" dt 1
set logscale x
set format x "10^{%L}"
set xlabel "invoices and keys in the store"
set ylabel "cost of a create, to 10,000 there"
set yrange [0:2<*]
set key bottom right samplen 2
plot figures using "invoices":"sqlite_v7" with linespoints lw 2 pt 7 ps 0.6 lc rgb "#1f5fa8" title "SQLite", \
     figures using "invoices":"sqlite_v4" with linespoints lw 1 pt 6 ps 0.6 lc rgb "#1f5fa8" title "SQLite, random keys", \
     figures using "invoices":"postgresql_v7" with linespoints lw 2 pt 7 ps 0.6 lc rgb "#c0392b" title "PostgreSQL", \
     figures using "invoices":"postgresql_v4" with linespoints lw 1 pt 6 ps 0.6 lc rgb "#c0392b" title "PostgreSQL, random keys", \
     1.2 with lines lw 1 dt 3 lc rgb "#444444" title "what is asked of it"
